# Shipped checklists and data: what is listed here is installed.
