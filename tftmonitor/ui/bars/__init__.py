"""What always stands above the panes: menus, links, the alarm that waits."""
