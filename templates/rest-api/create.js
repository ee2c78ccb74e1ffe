<% include '_shared/user_api/create.js' %>
