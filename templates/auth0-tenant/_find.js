  // Resolves with the one user of the connection there, or with null. The API takes what it looks for in the address
  // and nowhere else: percent-encoded, and over TLS.
  async function findUser(identifier) {
    if (!identifier) return null;
    const wanted = identifier.toLowerCase(); // as Auth0 keeps e-mail addresses and user names
<% if username %>
    const search = encodeURIComponent(`username:${JSON.stringify(wanted)}`);
    const path = wanted.includes('@')
      ? `users-by-email?email=${encodeURIComponent(wanted)}`
      : `users?search_engine=v3&q=${search}`;
<% else %>
    const path = `users-by-email?email=${encodeURIComponent(wanted)}`;
<% endif %>
    let found = [];
    try {
      found = await manage('GET', path);
    } catch (failure) {
      if (failure.status !== 400) throw failure; // 400: no address looks like this
    }
    if (!Array.isArray(found)) throw new Error('The other tenant sent no list of users');
    const users = found.filter((user) => isOurs(user) && [user.email, user.username].includes(wanted));
    if (users.length > 1) throw new Error('The other tenant has several users with this identifier');
    return users[0] || null;
  }
