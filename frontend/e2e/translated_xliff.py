"""What a translator's tool does: it reads an XLIFF file with an XML parser and fills its targets.

    translated_xliff.py EXPORTED TRANSLATED MARK [LEAVE]

Words get MARK before them, inline codes stay; the last LEAVE texts are not translated yet.
"""

import sys
import xml.etree.ElementTree as ET
from copy import deepcopy
from pathlib import Path

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"


def main(exported: str, translated: str, mark: str, leave: str = "0") -> None:
    ET.register_namespace("", NAMESPACE)
    tree = ET.fromstring(Path(exported).read_bytes())  # noqa: S314  it is Studio's own
    units = list(tree.iter(f"{{{NAMESPACE}}}trans-unit"))
    for unit in units[: len(units) - int(leave)]:
        source = unit.find(f"{{{NAMESPACE}}}source")
        target = unit.find(f"{{{NAMESPACE}}}target")
        assert source is not None  # noqa: S101  each exported text has both
        assert target is not None  # noqa: S101
        target.clear()
        target.set("state", "translated")
        target.text = f"{mark}{source.text or ''}"
        target.extend(deepcopy(code) for code in source)
    Path(translated).write_bytes(ET.tostring(tree, encoding="UTF-8", xml_declaration=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
