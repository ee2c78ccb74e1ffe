  // Resolves with the user, or with null.
  async function findUser(identifier) {
    const wanted = { $eq: lowerCase(identifier) };
<% if username %>
    const filter = { $or: [{ <%= email_column | identifier %>: wanted }, { <%= username_column | identifier %>: wanted }] };
<% else %>
    const filter = { <%= email_column | identifier %>: wanted };
<% endif %>
<% if organization_context %>
    if (context.organization?.id) filter[<%= organization_column | identifier %>] = { $eq: context.organization.id };
<% endif %>
    const found = await inUsers((users) => users.find(filter).limit(2).toArray());
    if (found.length > 1) throw new Error('More than one user has this identifier');
    return found[0] || null;
  }

<% include '_lower_case.js' %>
