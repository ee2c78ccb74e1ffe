<% include '_shared/user_api/get_user.js' %>
