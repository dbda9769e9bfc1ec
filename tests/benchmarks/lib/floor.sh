# Sourced: the same pod as the driver's, created by plain HTTP: what the cluster itself needs.

# floor_of MODE: keeps the pod and the secret of the job that is prepared.
floor_of() {
  local pod
  pod=$(pod_of_job)
  kubectl get pod -n "$namespace" "$pod" -o json | jq '
    {apiVersion, kind, metadata: (.metadata | {labels, annotations}), spec: (.spec | del(.nodeName, .serviceAccount, .serviceAccountName))}
    | .metadata.labels["custom-executor/job-id"] = "0"' >"$work/floor-$1.json"
  kubectl get secret -n "$namespace" "$pod" -o json | jq '{apiVersion, kind, type, data}' >"$work/floor-$1-secret.json"
  kubectl config view --raw -o json | jq -r '.clusters[0].cluster.server' >"$work/server"
  kubectl config view --raw -o json | jq -r '.clusters[0].cluster["certificate-authority-data"] | @base64d' >"$work/ca"
  kubectl config view --raw -o json | jq -r '.users[0].user["client-certificate-data"] | @base64d' >"$work/certificate"
  (umask 077; kubectl config view --raw -o json | jq -r '.users[0].user["client-key-data"] | @base64d' >"$work/key")
}

call() {
  curl -sfN --cacert "$work/ca" --cert "$work/certificate" --key "$work/key" "$(cat "$work/server")/api/v1/namespaces/$namespace/$1" "${@:2}"
}

# create_and_wait NAME FILE: until all its containers run.
create_and_wait() {
  call pods -H 'Content-Type: application/json' --data-binary @"$2" >/dev/null
  # Not a pipeline: that would wait for curl, which reads on.
  jq -n --unbuffered 'first(inputs | .object
    | select((.status.containerStatuses // []) | length > 0 and all(.state.running != null)) | true)' \
    < <(call "pods?watch=true&timeoutSeconds=60&fieldSelector=metadata.name=$1") >/dev/null
}

time_floor() {
  local name=floor-$1-$RANDOM
  jq --arg name $name '.metadata.name = $name | (.spec.volumes[] | select(.secret) | .secret.secretName) |= $name
    | if .spec.imagePullSecrets then .spec.imagePullSecrets = [] else . end' "$work/floor-$1.json" >"$work/floor.json"
  jq --arg name $name '.metadata = {$name}' "$work/floor-$1-secret.json" | kubectl create -n "$namespace" -f - >/dev/null
  time_of "floor-$1" create_and_wait $name "$work/floor.json"
  kubectl delete -n "$namespace" --now --wait=false pod/$name secret/$name >/dev/null 2>&1
}
