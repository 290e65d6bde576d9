# Shipway with Git, the pilot's packages, and no root. Specs are mounted at /specs:
#   docker run --rm -v "$PWD:/specs" --user "$(id -u):$(id -g)" shipway check
# By tag, so that a build today has today's fixes of Debian and Python. Pin the one that you tested:
#   --build-arg PYTHON_IMAGE=docker.io/library/python:3.13-slim@sha256:…
ARG PYTHON_IMAGE=docker.io/library/python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
COPY . /src
RUN python3 -I -m venv /opt/shipway
RUN /opt/shipway/bin/pip install -q --no-cache-dir --require-hashes -r /src/requirements-pilot.lock
RUN /opt/shipway/bin/pip install -q --no-cache-dir --no-deps --no-build-isolation /src
RUN /opt/shipway/bin/pip uninstall -q -y hatchling pip

FROM ${PYTHON_IMAGE}
# openssh-client: environments with an SSH address; gnupg: argocd.signatureKeys
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends git openssh-client gnupg && rm -rf /var/lib/apt/lists/*
# what is mounted belongs to another user; Shipway calls Git without hooks, filters or settings of that folder
RUN git config --system --add safe.directory '*'
COPY --from=build /opt/shipway /opt/shipway
ENV PATH=/opt/shipway/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /specs
ENTRYPOINT ["shipway"]
CMD ["--help"]
