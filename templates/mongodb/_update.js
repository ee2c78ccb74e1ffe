  // Changes the one user with this identifier; resolves with whether there is one.
  async function update(identifier, fields) {
    const user = identifier ? await findUser(identifier) : null;
    if (!user) return false;
    const { matchedCount } = await inUsers((users) => users.updateOne({ _id: user._id }, { $set: fields }));
    return matchedCount === 1;
  }
