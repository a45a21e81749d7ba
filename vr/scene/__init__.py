"""What stands where and what the hands do with it: geometry and state machines without OpenXR, drawing or a clock."""
