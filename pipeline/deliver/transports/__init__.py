"""PLUGINS: one file, one end. A transport sees a rendering and a delivery, never a digest."""
