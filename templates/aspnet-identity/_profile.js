<% set id_column = 'Id' %>
<% set email_column = 'Email' %>
<% set verified_column = 'EmailConfirmed' %>
<% set username_column = 'UserName' %>
<% set verified_value = true %>
<% include '_shared/row_profile.js' %>
