import sys

from modelservice.embeddings.server import main

sys.exit(main(sys.argv[1:]))
