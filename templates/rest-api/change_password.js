<% include '_shared/user_api/change_password.js' %>
