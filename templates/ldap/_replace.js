  // Gives attributes of an entry new values.
  async function replace(dn, values) {
    const { Attribute, Change } = require('ldapts@7.4.0');
    const changes = Object.entries(values).map(([type, value]) => new Change({
      operation: 'replace',
      modification: new Attribute({ type, values: [value] }),
    }));
    await ask((ldap) => ldap.modify(dn, changes));
  }
