# Sourced by what runs or stops a cluster, after paths.sh with $mode set: its addresses and names.

state=$(state_of "$mode")
pki=$state/pki

# full: the node lives in namespaces of its own, at one end of a pair of virtual links; the registry listens at the machine's end.
link=ce-cluster0
machine_ip=10.99.0.1
node_ip=10.99.0.2
pod_range=10.244.0.0/24
service_range=10.96.0.0/16
service_ip=10.96.0.1 # of the API server, for pods
registry=$machine_ip:5000
node=node1

# Under this cgroup lies every process of the node, the pods included: what must end is found there even where a pid was lost.
cgroup=custom-executor-cluster

# Of the one full cluster a machine can have (its link, addresses and cgroup are fixed): the path of its state directory, and the empty
# directories that were made for it on the machine. Outside the state, so that `down` knows even where that is lost.
claim=/run/custom-executor-cluster
# Inside the node's mount namespace, where /run is the node's own.
containerd_socket=/run/containerd.sock

builders_namespace=gitlab-builders
pause_image=localhost/pause:1
busybox_image=localhost/busybox:1
builder_image=localhost/builder:1
job_image=localhost/job:1 # beside it job-bash, job-user, job-shellless
helper_image=localhost/helper:1
tools_image=localhost/tools:1
runner_image=localhost/runner:1
