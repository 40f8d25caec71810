"""How evidence becomes one honest list: pure functions over arrays, without table or model."""
