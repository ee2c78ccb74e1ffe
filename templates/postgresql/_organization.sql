(<%= organization_column | identifier %> = $<%= parameter | js %> OR $<%= parameter | js %> IS NULL)
