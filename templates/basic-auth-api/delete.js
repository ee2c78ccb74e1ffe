<% include '_shared/user_api/delete.js' %>
