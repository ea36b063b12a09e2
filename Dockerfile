# The provider and the eKYC engine in one image; `docker run IMAGE ekyc serve ...` starts the other one.
# Each RUN line is proved without Docker by scripts/check_dockerfile.sh (docs/decisions/0007-dockerfile-proved-without-docker.md).

FROM python:3.12-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/opt/motcham
WORKDIR /src
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --quiet "uv>=0.9"
# The packages before the code: they change seldom, and this layer is the large one.
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY sdk/python/pyproject.toml sdk/python/README.md sdk/python/
RUN /opt/uv/bin/uv sync --locked --no-dev --no-install-workspace --python "$(command -v python3)"
COPY sdk sdk
COPY idp idp
COPY ekyc ekyc
RUN /opt/uv/bin/uv sync --locked --no-dev --no-editable --python "$(command -v python3)"

FROM python:3.12-slim-bookworm AS run
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-core fonts-ocr-b fonts-croscore fonts-roboto-unhinted && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin motcham && install -d -o motcham -g motcham -m 0700 /data
COPY --from=build /opt/motcham /opt/motcham
ENV PATH=/opt/motcham/bin:$PATH PYTHONUNBUFFERED=1 IDP_DATA=/data EKYC_DATA=/data
RUN idp --help > /dev/null && ekyc --help > /dev/null
USER motcham
WORKDIR /data
VOLUME /data
EXPOSE 8400
# The weights' hashes are checked by the engine when it loads them.
CMD ["idp", "serve", "--data", "/data", "--host", "0.0.0.0", "--port", "8400"]
