  // Resolves with the person's entry, or with null.
  async function findUser(identifier) {
    const { AndFilter, EqualityFilter<% if username %>, OrFilter<% endif %> } = require('ldapts@7.4.0');
    // Built from parts and never parsed: no text can get out of its place.
    const is = (attribute, value) => new EqualityFilter({ attribute, value });
<% if username %>
    const named = new OrFilter({
      filters: [is('<%= email_column | identifier %>', identifier), is('<%= username_column | identifier %>', identifier)],
    });
<% else %>
    const named = is('<%= email_column | identifier %>', identifier);
<% endif %>
    const filter = new AndFilter({ filters: [is('objectClass', '<%= object_class | identifier %>'), named] });
    const { searchEntries } = await ask((ldap) => ldap.search(configuration.LDAP_BASE_DN, {
      scope: 'sub',
      filter,
      sizeLimit: 2,
      attributes: [
        '<%= id_column | identifier %>',
        '<%= email_column | identifier %>',
<% if verified_column %>
        '<%= verified_column | identifier %>',
<% endif %>
<% if username %>
        '<%= username_column | identifier %>',
<% endif %>
<% for column in profile_fields.columns %>
        '<%= column | identifier %>',
<% endfor %>
      ],
    }));
    if (searchEntries.length > 1) throw new Error('More than one person has this identifier');
    return searchEntries.find((entry) => holds(entry, identifier)) || null;
  }

  // Directories also overlook spaces and take letters of other alphabets for ours; only the case may differ here.
  function holds(entry, identifier) {
    const lowerCase = (text) => String(text).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    const values = [entry<%= email_column | property %><% if username %>, entry<%= username_column | property %><% endif %>].flat();
    return values.some((value) => lowerCase(value) === lowerCase(identifier));
  }
