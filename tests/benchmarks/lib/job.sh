# Sourced: plays the runner, without a program of its own in the way.

export BUILD_FAILURE_EXIT_CODE=1 SYSTEM_FAILURE_EXIT_CODE=2
number=$(date +%s)000

# new_job MODE: a fresh attempt, in the environment that the runner gives its driver.
new_job() {
  number=$((number + 1))
  export TMPDIR=$work/custom-executor$number CUSTOM_EXECUTOR_SETTINGS=$work/$1.json
  export JOB_RESPONSE_FILE=$TMPDIR/response.json BUILD_EXIT_CODE_FILE=$TMPDIR/build_exit_code
  mkdir -m 700 "$TMPDIR"
  namespace=$(jq -r .kubernetes.namespace "$CUSTOM_EXECUTOR_SETTINGS")
  jq -n --argjson id "$number" --arg image "$CUSTOM_EXECUTOR_TEST_JOB_IMAGE" '{
    $id, token: "token", job_info: {name: "benchmark", stage: "build", project_id: 1}, image: {name: $image},
    git_info: {repo_url: "https://gitlab.example.com/group/project.git"}, runner_info: {timeout: 3600}, variables: [], credentials: []
  }' >"$JOB_RESPONSE_FILE"
}

pod_of_job() { kubectl get pods -n "$namespace" -l custom-executor/job-id="$number" -o jsonpath='{.items[0].metadata.name}'; }

# whole_job MODE: the calls of a job without sources, cache or artifacts.
whole_job() {
  new_job "$1"
  "$driver" config
  "$driver" prepare
  local stage
  for stage in prepare_script get_sources build_script after_script cleanup_file_variables; do "$driver" run "$work/empty" $stage; done
  "$driver" cleanup
}
