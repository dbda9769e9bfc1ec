namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>What a hostile job would like to read.</summary>
internal static class ReadingAttempts
{
    private const string FindKeys = """
        found=$(find /opt /etc /run /var/lib /home /root /tmp -xdev -type f -size -100k 2> /dev/null |
            grep -vF -e "$OWN/job/" -e "$OWN/h/" -e "$OWN/t/" -e "$OWN/script" |
            tr '\n' '\0' | xargs -0 -r grep -lsE 'PRIVATE KEY|client-key|glrt-|glcbt-|token-of-the-spec')
        for mine in $ROOTS "$TOKEN"; do
            case "$found" in *"$mine"*) echo "$found"; exit 0 ;; esac
        done
        exit 1
        """;

    public static IReadOnlyList<HostileAttempt> All { get; } =
    [
        new("read the client key of another job", "grep 'PRIVATE KEY' $VICTIM/job/certs/key.pem"),
        new("read the job response, with the token, of another job", "grep glcbt- $VICTIM/response.json"),
        new("read the driver's state of another job", "grep namespace $VICTIM/driver/state.json"),
        new("read the registry logins of another job", "cat $VICTIM/job/docker/config.json"),
        new("list the home of another job", "ls $VICTIM/h"),
        new("list the temporary files of another job", "ls $VICTIM/t"),
        new("read its own job response", "grep glcbt- $OWN/response.json"),
        new("read the driver's state of its own", "grep namespace $OWN/driver/state.json"),
        new("read the driver's settings", "grep instance $SETTINGS || grep workspace $SETTINGS"),
        new("read the kubeconfig", "grep client-key $CLUSTER"),
        new("read the key that the kubeconfig names", "grep 'PRIVATE KEY' $CLIENT_KEY"),
        new("read the certificate that the kubeconfig names", "cat ${CLIENT_KEY%.key}.crt"),
        new("read the runner's config.toml", "grep glrt- $CONFIG_TOML"),
        new("read the driver's log", "grep Builder $DRIVER_LOG"),
        new("read the service account's token", "cat $TOKEN"),
        new("read the home of the runner's service", "cat $SERVICE_HOME/.gitconfig"),
        new("list the attempts of all jobs", "ls $ATTEMPTS"),
        new("list the workspaces of all jobs", "ls $WORKSPACES"),
        new("list the records of all jobs", "ls $WORKSPACES/.jobs"),
        new("read the records of all jobs", "cat $WORKSPACES/.jobs/*.json"),
        new("list the workspace of another job", "ls $VICTIM_DIR"),
        new("read a file of another job", "grep precious $VICTIM_DIR/read"),
        new("read a file of another job through a symbolic link", "ln -sf $VICTIM_DIR/read link && grep precious link"),
        new("read a directory of another job through a symbolic link", "ln -sfn $VICTIM_DIR links && ls links/"),
        new(
            "read a file of another job through its own way up",
            "cd /proc/self/cwd/../.. && grep precious ../../../../../../../../../$VICTIM_DIR/read"
        ),
        new("read the cache of another project", "cat $CACHE/project-41/cache.zip"),
        new("read the cache of its project's protected branches", "cat $CACHE/project-42-protected/cache.zip"),
        new("find keys, tokens and kubeconfigs anywhere on the host", FindKeys),
    ];
}
