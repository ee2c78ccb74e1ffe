"""What both front ends do, one file a task; they only show what comes back."""
