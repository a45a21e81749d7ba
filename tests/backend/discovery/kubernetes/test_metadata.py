from backend.discovery.kubernetes.metadata import MAX_NAME, read_metadata


def test_names_and_descriptions_are_told_apart_by_their_key() -> None:
    found = read_metadata([{"data": {"instance-0": "Harbour", "instance-0.description": "By the window"}}])
    assert (found.names, found.descriptions) == ({"instance-0": "Harbour"}, {"instance-0": "By the window"})


def test_what_people_write_is_made_fit_to_show() -> None:
    found = read_metadata([{"data": {"instance-1": "  A\n\x1b[31mB  ", "instance-2": "x" * 500, "instance-3": " "}}])
    assert found.names == {"instance-1": "A [31mB", "instance-2": "x" * MAX_NAME}


def test_a_config_map_without_data_names_nobody() -> None:
    assert read_metadata([]) == read_metadata([{"data": None}])
