import os

import chromadb

FALLBACK = os.environ.get("CHROMA_FALLBACK_DIR", "/app/chroma_db")


def connect():
    try:
        client = chromadb.HttpClient(host="chroma", port=8000)
        client.heartbeat()
        return client
    except Exception:
        return chromadb.PersistentClient(path=FALLBACK)


print(connect().list_collections())
