"""Reports on the spot: a broken pavement, a fallen wire, with photo and place, followed until done."""
