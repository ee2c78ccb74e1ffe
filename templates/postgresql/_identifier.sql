<% if username %>
lower($1 COLLATE "C") IN (lower(<%= email_column | identifier %> COLLATE "C"), lower(<%= username_column | identifier %> COLLATE "C"))
<% else %>
<% include '_email.sql' %>
<% endif %>
