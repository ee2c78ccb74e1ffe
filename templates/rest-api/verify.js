<% include '_shared/user_api/verify.js' %>
