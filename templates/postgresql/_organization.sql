$<%= parameter | js %> IN (<%= organization_column | identifier %>, '')
