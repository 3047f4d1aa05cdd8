"""How everything looks: the layout, the colours, the parts and the small shared JavaScript."""
