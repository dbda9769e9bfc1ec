namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>What a hostile job would like to change. Each has a file of its own, so that without the sandbox none is in
/// another's way.</summary>
internal static class WritingAttempts
{
    public static IReadOnlyList<HostileAttempt> All { get; } =
    [
        new("write the driver's state of its own, by which cleanup goes", "printf '' >> $OWN/driver/state.json"),
        new(
            "put another directory in the place of the driver's own",
            "mv $OWN/driver $OWN/other && mv $OWN/other $OWN/driver"
        ),
        new("tell the runner an exit code by itself", "printf 0 > $OWN/build_exit_code"),
        new("change the job response of its own", "printf '' >> $OWN/response.json"),
        new("write a file of another job", "echo x >> $VICTIM_DIR/write"),
        new("delete a file of another job", "rm $VICTIM_DIR/delete"),
        new(
            "truncate a file of another job by its path alone",
            "perl -e 'exit !truncate($ARGV[0], 0)' $VICTIM_DIR/truncate"
        ),
        new("make a file in another job's workspace", ": > $VICTIM_DIR/made"),
        new("make a directory in another job's workspace", "mkdir $VICTIM_DIR/directory"),
        new("make a symbolic link in another job's workspace", "ln -s /etc/passwd $VICTIM_DIR/symbolic"),
        new("move a file out of another job's workspace", "mv $VICTIM_DIR/rename moved"),
        new("move a file into another job's workspace", "echo x > mine && mv mine $VICTIM_DIR/mine"),
        new("link a file of another job into its own workspace", "ln $VICTIM_DIR/link linked"),
        new("link a file of its own into another job's workspace", "echo x > own && ln own $VICTIM_DIR/own"),
        new("write the temporary files of another job", ": > $VICTIM/t/planted"),
        new("write the cache of another project", "echo poison > $CACHE/project-41/poison.zip"),
        new("overwrite the cache of another project", "echo poison >> $CACHE/project-41/cache.zip"),
        new(
            "write the cache of its project's protected branches",
            "echo poison > $CACHE/project-42-protected/poison.zip"
        ),
        new("make a cache for a project that has none yet", "mkdir $CACHE/project-43"),
        new("make a record of a job", "echo '{}' > $WORKSPACES/.jobs/1-00000000.json"),
        new("make a workspace", "mkdir $WORKSPACES/1-00000000"),
        new("make an attempt's directory", "mkdir $ATTEMPTS/custom-executor1"),
        new("write the driver's log", "echo x >> $DRIVER_LOG"),
        new("write the kubeconfig", "printf '\\n' >> $CLUSTER"),
        new("write the runner's config.toml", "printf '\\n' >> $CONFIG_TOML"),
        new("write the .gitconfig of the runner's service", "echo '[core]' >> $SERVICE_HOME/.gitconfig"),
        new("write the .bashrc of the runner's service", "echo true > $SERVICE_HOME/.bashrc"),
    ];
}
