import chromadb


class SkillIndex:
    def __init__(self, persist_dir: str):
        self.client = chromadb.PersistentClient(path=persist_dir)
        self.skills = self.client.get_or_create_collection("skills")

    def count(self) -> int:
        return self.skills.count()
