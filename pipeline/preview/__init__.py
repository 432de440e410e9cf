"""The local page for staff: shows stored renderings as they will be sent, and takes approvals; renders and sends nothing."""
