<%# The variable profile_fields as lines of a profile's object literal; `row` holds what the store returned. %>
<% for field, column in profile_fields.root %>
      <%= field | key %>: row<%= column | property %> ?? undefined,
<% endfor %>
<% if profile_fields.user_metadata %>
      user_metadata: {
<% for field, column in profile_fields.user_metadata %>
        <%= field | key %>: row<%= column | property %> ?? undefined,
<% endfor %>
      },
<% endif %>
<% if profile_fields.app_metadata %>
      app_metadata: {
<% for field, column in profile_fields.app_metadata %>
        <%= field | key %>: row<%= column | property %> ?? undefined,
<% endfor %>
      },
<% endif %>
