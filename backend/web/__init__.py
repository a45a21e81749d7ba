"""The wall for browsers: a page of static files that speaks to the API and the streamers as any other viewer does."""
