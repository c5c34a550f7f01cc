import os

from flask import Flask

from vector_store.src.indexer import SkillIndex

app = Flask(__name__)
base_dir = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
index = SkillIndex(persist_dir=os.path.join(base_dir, "vector_store", "data", "chroma"))


@app.get("/health")
def health():
    return {"skills": index.count()}


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5001)
