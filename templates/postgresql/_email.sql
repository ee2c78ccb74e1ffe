lower(<%= email_column | identifier %> COLLATE "C") = lower($1 COLLATE "C")
