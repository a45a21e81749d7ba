"""Sound from where the screens hang, by OpenAL Soft with head-related filters. Without a device all stays silent."""
