<% include '_shared/user_api/login.js' %>
