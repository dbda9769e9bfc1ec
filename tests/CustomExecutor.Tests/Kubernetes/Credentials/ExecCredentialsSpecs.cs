using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.Kubernetes.Credentials;

namespace CustomExecutor.Tests.Kubernetes.Credentials;

/// <summary>Exec plugins as real programs.</summary>
public sealed class ExecCredentialsSpecs : IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_plugins_token_is_taken_and_the_plugin_called_once()
    {
        var credentials = _bench.Runs(PluginBench.Prints("""{"token":"t"}"""));

        for (var i = 0; i < 3; i++)
            (await credentials.Get(Cancel)).Authorization!.ToString().Should().Be("Bearer t");

        _bench.Calls.Should().Be(1);
    }

    [Fact]
    public async Task All_clients_of_a_process_share_one_call()
    {
        var one = _bench.Runs("sleep 0.3\n" + PluginBench.Prints("""{"token":"t"}"""));
        var other = _bench.Opens(Path.Combine(_bench.Directory, "plugin"));

        await Task.WhenAll(one.Get(Cancel), other.Get(Cancel), one.Get(Cancel));
        one.Dispose();
        await _bench.Opens(Path.Combine(_bench.Directory, "plugin")).Get(Cancel);

        _bench.Calls.Should().Be(1);
    }

    [Fact]
    public async Task The_arguments_and_the_environment_reach_it_untouched()
    {
        var credentials = _bench.Runs(
            """printf '%s\0' "$@" > $D/args; printf '%s' "$SOME" > $D/env; printf '%s' "$KUBERNETES_EXEC_INFO" > $D/info; readlink /proc/self/fd/0 > $D/stdin; pwd > $D/pwd; """
                + PluginBench.Prints("""{"token":"t"}"""),
            plugin =>
                plugin with
                {
                    Arguments = [" a  b ", "", "$HOME", "--x='y'", "ü\n"],
                    Environment = new Dictionary<string, string> { ["SOME"] = "$X `y`" },
                }
        );

        await credentials.Get(Cancel);

        File.ReadAllText(_bench.Note("args")).Should().Be(" a  b \0\0$HOME\0--x='y'\0ü\n\0");
        File.ReadAllText(_bench.Note("env")).Should().Be("$X `y`");
        File.ReadAllText(_bench.Note("stdin")).Should().Be("/dev/null\n");
        File.ReadAllText(_bench.Note("pwd")).Should().Be("/\n");
        JsonDocument
            .Parse(File.ReadAllText(_bench.Note("info")))
            .RootElement.GetProperty("spec")
            .GetProperty("interactive")
            .GetBoolean()
            .Should()
            .BeFalse();
    }

    [Fact]
    public async Task It_inherits_the_drivers_environment_but_not_the_jobs_variables()
    {
        Environment.SetEnvironmentVariable("CUSTOM_ENV_CI_JOB_TOKEN", "hidden-token");
        try
        {
            await _bench.Runs("env > $D/env; " + PluginBench.Prints("""{"token":"t"}""")).Get(Cancel);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CUSTOM_ENV_CI_JOB_TOKEN", null);
        }

        File.ReadAllText(_bench.Note("env")).Should().Contain("PATH=").And.NotContain("hidden-token");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Large_output_does_not_block_it(int descriptor)
    {
        var large = $"head -c 2000000 /dev/zero | tr '\\0' ' ' >&{descriptor}\n";

        (await _bench.Runs(large + PluginBench.Prints("""{"token":"t"}""")).Get(Cancel))
            .Authorization!.Parameter.Should()
            .Be("t");
    }

    [Theory]
    [InlineData("exit 255", "exited with 255. Its error output is in the admin's log (log.path).")]
    [InlineData("exit 1", "exited with 1.")]
    [InlineData("kill -KILL $$", "was killed by signal 9.")]
    [InlineData("exit 0", "printed nothing.")]
    [InlineData("echo hidden-token", "printed something that is not an ExecCredential object in JSON.")]
    [InlineData(
        "echo 'time=\"x\" level=warning'; echo '{\"status\":{\"token\":\"hidden-token\"}}'",
        "printed something that is not an ExecCredential object in JSON."
    )]
    [InlineData(
        "echo "
            + "'{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"hidden-token\"}}'",
        "apiVersion is not client.authentication.k8s.io/v1,"
    )]
    [InlineData("head -c 20000000 /dev/zero | tr '\\0' x", "printed more than 16 MiB.")]
    public async Task A_plugin_that_fails_is_named_and_its_output_goes_to_nobody(string script, string sentence)
    {
        var message = await Fails(_bench.Runs("echo hidden-token and a reason >&2\n" + script));

        message
            .Should()
            .StartWith($"The exec plugin {_bench.Directory}/plugin (context \"c\" of /etc/k) ")
            .And.Contain(sentence)
            .And.NotContain("hidden-token");
        _bench.Log.Should().Contain("and a reason", "the admin sees its error output");
    }

    [Fact]
    public async Task A_plugin_that_failed_is_asked_again()
    {
        var credentials = _bench.Runs(
            "[ -e $D/second ] || { touch $D/second; exit 1; }\n" + PluginBench.Prints("""{"token":"t"}""")
        );
        await Fails(credentials);

        (await credentials.Get(Cancel)).Authorization!.Parameter.Should().Be("t");
    }

    [Theory]
    [InlineData("no-such-plugin-at-all", "is not in any directory of PATH")]
    [InlineData("/no/such/plugin", "does not exist")]
    public async Task A_plugin_that_is_missing_comes_with_its_hint(string command, string sentence)
    {
        var message = await Fails(
            _bench.Opens(command, plugin => plugin with { InstallHint = "brew install\u001b[31m it" })
        );

        message
            .Should()
            .Contain($"The exec plugin {command} (context \"c\" of /etc/k) {sentence}")
            .And.Contain("install it: brew install\\u001b[31m it");
    }

    [Fact]
    public async Task A_plugin_that_can_not_be_started_is_named()
    {
        File.WriteAllText(_bench.Note("text"), "just text");

        (await Fails(_bench.Opens(_bench.Note("text"))))
            .Should()
            .Be(
                $"The exec plugin {_bench.Directory}/text (context \"c\" of /etc/k): Can't start "
                    + $"'{_bench.Directory}/text' in '/': Permission denied."
            );
    }

    [Fact]
    public async Task A_bare_name_is_looked_up_in_the_drivers_own_path()
    {
        var (exec, output) = (
            _bench.Opens(
                "env",
                plugin =>
                    plugin with
                    {
                        Arguments =
                        [
                            "echo",
                            $$"""{"kind":"ExecCredential","apiVersion":"{{PluginBench.V1}}","status":{"token":"t"} }""",
                        ],
                        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
                    }
            ),
            "t"
        );

        (await exec.Get(Cancel)).Authorization!.Parameter.Should().Be(output);
    }

    [Fact]
    public async Task An_expired_credential_is_renewed()
    {
        var credentials = _bench.Runs(
            """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$(wc -l < $D/calls)'","expirationTimestamp":"2020-01-01T00:00:00Z"}}'"""
        );

        (await credentials.Get(Cancel)).Authorization!.Parameter.Should().Be("1");
        (await credentials.Get(Cancel)).Authorization!.Parameter.Should().Be("2");
    }

    [Fact]
    public async Task A_401_renews_it_once()
    {
        var credentials = _bench.Runs(
            """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$(wc -l < $D/calls)'"}}'"""
        );
        var first = await credentials.Get(Cancel);

        (await Task.WhenAll(credentials.Renew(first, Cancel), credentials.Renew(first, Cancel)))
            .Should()
            .Equal(true, true);

        (await credentials.Get(Cancel)).Authorization!.Parameter.Should().Be("2");
        _bench.Calls.Should().Be(2);
    }

    [Fact]
    public async Task A_401_to_a_plugin_that_knows_no_better_is_the_end()
    {
        var credentials = _bench.Runs(PluginBench.Prints("""{"token":"t"}"""));
        var first = await credentials.Get(Cancel);

        for (var i = 0; i < 3; i++)
            (await credentials.Renew(first, Cancel)).Should().BeFalse();

        _bench.Calls.Should().Be(2);
    }

    [Fact]
    public async Task A_try_that_gives_up_leaves_the_plugin_to_the_next_one()
    {
        var credentials = _bench.Runs(
            "while [ ! -e $D/go ]; do sleep 0.05; done\n" + PluginBench.Prints("""{"token":"t"}""")
        );
        using var impatient = new CancellationTokenSource();
        var first = credentials.Get(impatient.Token);
        await Eventually.True(() => _bench.Calls == 1, "the plugin runs");
        await impatient.CancelAsync();
        await first.Invoking(t => t).Should().ThrowAsync<OperationCanceledException>();

        var second = credentials.Get(Cancel);
        File.WriteAllText(_bench.Note("go"), "");

        (await second).Authorization!.Parameter.Should().Be("t");
        _bench.Calls.Should().Be(1);
    }

    [Fact]
    public async Task The_last_client_ends_the_plugin_with_all_that_it_started()
    {
        var credentials = _bench.Runs("sleep 1000 & echo $! > $D/child; echo $$ > $D/self; trap '' TERM; wait");
        var getting = credentials.Get(Cancel);
        await Eventually.True(
            () => File.Exists(_bench.Note("self")) && File.ReadAllText(_bench.Note("self")).Length > 1,
            "the plugin runs"
        );

        credentials.Dispose();

        await getting.Invoking(t => t).Should().ThrowAsync<OperationCanceledException>();
        foreach (var name in (string[])["self", "child"])
            await Eventually.True(() => IsGone(File.ReadAllText(_bench.Note(name)).Trim()), $"{name} is gone");
    }

    [Fact]
    public async Task A_certificate_is_taken_with_its_key()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=plugin",
            key,
            System.Security.Cryptography.HashAlgorithmName.SHA256
        );
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        var status = new Dictionary<string, string>
        {
            ["clientCertificateData"] = certificate.ExportCertificatePem(),
            ["clientKeyData"] = key.ExportECPrivateKeyPem(),
        };

        var credential = await _bench
            .Runs(
                PluginBench.Prints(JsonSerializer.Serialize(status).Replace("\\u002B", "+", StringComparison.Ordinal))
            )
            .Get(Cancel);

        credential.Authorization.Should().BeNull();
        credential.Certificate!.Single().HasPrivateKey.Should().BeTrue();
        credential.Certificate![0].Subject.Should().Be("CN=plugin");
    }

    private static bool IsGone(string pid) =>
        !File.Exists($"/proc/{pid}/stat") || File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].StartsWith('Z');

    private static async Task<string> Fails(IClusterCredentials credentials) =>
        (await credentials.Invoking(c => c.Get(Cancel)).Should().ThrowAsync<DriverException>()).Which.Message;
}
