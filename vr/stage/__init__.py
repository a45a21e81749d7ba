"""What a frame shows: pictures of the guests, drawn panels, rays; each uploaded only when it changed."""
