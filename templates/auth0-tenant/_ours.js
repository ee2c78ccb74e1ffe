  function isOurs(user) {
    return user?.identities?.some((one) => one.provider === 'auth0' && one.connection === TENANT_CONNECTION);
  }
