# The job's script, as it would stand in .gitlab-ci.yml: nothing in it knows of the driver.
docker buildx build \
  --cache-from type=registry,ref=${CI_REGISTRY_IMAGE}/my-service:buildcache \
  --cache-to type=registry,ref=${CI_REGISTRY_IMAGE}/my-service:buildcache,mode=max \
  --build-arg BASE_IMAGE=${BASE_IMAGE} \
  --tag ${CI_REGISTRY_IMAGE}/my-service:${CI_COMMIT_REF_SLUG} \
  --push \
  --file my-service/Dockerfile \
  my-service
