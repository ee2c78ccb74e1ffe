<% include '_shared/user_api/change_email.js' %>
