"""Prints what huggingface_hub knows of a repository: oracle.py ENDPOINT ID REVISION FOLDER."""
import hashlib, json, pathlib, sys
from huggingface_hub import HfApi

endpoint, repo, revision, folder = sys.argv[1:]
api = HfApi(endpoint=endpoint, token=False)
info = api.model_info(repo, revision=revision, files_metadata=True, securityStatus=True)
path = pathlib.Path(api.snapshot_download(repo, revision=revision, local_dir=folder))
files = {}
for f in api.list_repo_tree(repo, revision=revision, recursive=True):
    if hasattr(f, "blob_id"):
        files[f.path] = {
            "size": f.size, "blob": f.blob_id, "lfs": f.lfs.sha256 if f.lfs else "",
            "sha256": hashlib.sha256((path / f.path).read_bytes()).hexdigest(),
        }
status = api.get_paths_info(repo, sorted(files), expand=True, revision=revision)
print(json.dumps({
    "id": info.id, "commit": info.sha, "created": info.created_at.isoformat(), "modified": info.last_modified.isoformat(),
    "downloads": info.downloads, "likes": info.likes, "author": info.author, "gated": info.gated, "task": info.pipeline_tag, "library": info.library_name,
    "siblings": sorted(s.rfilename for s in info.siblings), "issues": info.security_repo_status["filesWithIssues"],
    "commits": [[c.commit_id, c.authors] for c in api.list_repo_commits(repo, revision=revision)],
    "main": [b.target_commit for b in api.list_repo_refs(repo).branches if b.name == "main"][0],
    "security": {f.path: f.security.status for f in status if f.security}, "files": files,
}))
