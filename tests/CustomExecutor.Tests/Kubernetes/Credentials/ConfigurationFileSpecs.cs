using CustomExecutor.Core;
using CustomExecutor.Core.Settings;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Tests.Kubernetes.Credentials;

/// <summary>Which files the cluster's configuration is read from, and which of them no script may read.</summary>
public sealed class ConfigurationFileSpecs : IDisposable
{
    private const string Context = "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n";
    private const string Cluster = "clusters: [{name: k, cluster: {server: https://one.example.com}}]\n";
    private const string User = "users: [{name: u, user: {token: t}}]\n";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Missing_files_and_blank_entries_of_a_list_are_skipped()
    {
        var (one, two, none) = (
            _directory.Write("one", Context + User),
            _directory.Write("two", Cluster),
            Path.Combine(_directory.Path, "none")
        );

        var connection = KubeconfigSource.Read(new KubernetesSettings(), $":{none}:{one}::{two}:{one}:");

        connection.Server.Host.Should().Be("one.example.com");
        connection.Files.Should().BeEquivalentTo([one, two, none], "one that is missing may come");
    }

    [Theory]
    [InlineData(":", "KUBECONFIG : names no file")]
    [InlineData("/no/a", "KUBECONFIG /no/a does not exist")]
    [InlineData("/no/a:/no/b", "KUBECONFIG /no/a:/no/b do not exist")]
    public void A_list_without_any_file(string list, string sentence) =>
        Refusal(new KubernetesSettings(), list).Should().StartWith($"No cluster is configured: {sentence}.");

    [Fact]
    public void A_file_that_the_settings_name_must_exist_and_be_one()
    {
        Refusal(new KubernetesSettings { Kubeconfig = "/no/a" }, _directory.Write("one", Context))
            .Should()
            .Be(
                "No cluster is configured: kubernetes.kubeconfig /no/a does not exist. Set kubernetes.kubeconfig "
                    + "in the settings, or run the runner in the cluster with a service account."
            );
        Refusal(new KubernetesSettings { Kubeconfig = _directory.Path }, null)
            .Should()
            .Be(
                $"The cluster's configuration (kubernetes.kubeconfig {_directory.Path}) can't be used: "
                    + $"{_directory.Path}: can't be read: it is a directory"
            );
    }

    [Fact]
    public void A_broken_file_of_a_list_is_a_mistake_though_another_would_do() =>
        Refusal(
                new KubernetesSettings(),
                $"{_directory.Write("one", Context + Cluster + User)}:{_directory.Write("two", "{")}"
            )
            .Should()
            .Contain($"{_directory.Path}/two: line");

    [Fact]
    public void Files_that_a_plugin_is_given_are_hidden_but_no_programs_and_directories()
    {
        var (secret, program) = (_directory.Write("secret", "x"), _directory.WriteExecutable("program", "x"));
        var kubeconfig = _directory.Write(
            "kubeconfig",
            Context
                + Cluster
                + $$"""
                users:
                - {name: u, user: {token: t} }
                - name: other
                  user:
                    tokenFile: token
                    exec:
                      command: x
                      args: ["--file={{secret}}2", {{program}}]
                      env: [{name: A, value: {{secret}}}, {name: B, value: {{_directory.Path}}}, {name: C, value: {{_directory.Path}}/none}]
                """
        );
        _directory.Write("secret2", "x");

        ClusterAccess
            .FilesOf(new KubernetesSettings { Kubeconfig = kubeconfig })
            .Should()
            .BeEquivalentTo(kubeconfig, $"{_directory.Path}/token", secret, $"{secret}2");
    }

    [Theory]
    [InlineData("10.0.0.1", "https://10.0.0.1:6443/")]
    [InlineData("fd00::1", "https://[fd00::1]:6443/")]
    [InlineData("kubernetes.default.svc", "https://kubernetes.default.svc:6443/")]
    public void In_a_pod_there_is_its_service_account(string host, string server)
    {
        _directory.Write("token", "t");
        var account = new ServiceAccount(_directory.Path, name => name == "KUBERNETES_SERVICE_HOST" ? host : "6443");

        account.Exists.Should().BeTrue();
        account.Read().Server.AbsoluteUri.Should().Be(server);
        account.Read().User.TokenFile.Should().Be($"{_directory.Path}/token");
        account.Read().CertificateAuthority.Should().BeNull("no CA is mounted");
        account.Read().Files.Should().Contain($"{_directory.Path}/token");
    }

    [Theory]
    [InlineData(null, "6443", true)]
    [InlineData("10.0.0.1", "", true)]
    [InlineData("10.0.0.1", "6443", false)]
    public void Elsewhere_there_is_none(string? host, string? port, bool token)
    {
        if (token)
            _directory.Write("token", "t");

        new ServiceAccount(_directory.Path, name => name == "KUBERNETES_SERVICE_HOST" ? host : port)
            .Exists.Should()
            .BeFalse();
    }

    private static string Refusal(KubernetesSettings settings, string? list)
    {
        var read = () => KubeconfigSource.Read(settings, list);
        return read.Should().Throw<DriverException>().Which.Message;
    }
}
