using CustomExecutor.EndToEnd.Sandbox;
using CustomExecutor.Host.Files;

[assembly: AssemblyFixture(typeof(ServiceAccountToken))]

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>What Kubernetes mounts into a runner's pod, where this machine is none: a stand-in for the token, for as
/// long as the specs run.</summary>
public sealed class ServiceAccountToken : IDisposable
{
    public const string File = "/run/secrets/kubernetes.io/serviceaccount/token";

    private readonly string? _made;

    public ServiceAccountToken()
    {
        if (ServiceUser.Obstacle is not null || System.IO.File.Exists(File))
            return;
        // What was there before stays.
        _made = File;
        while (!Directory.Exists(Path.GetDirectoryName(_made)))
            _made = Path.GetDirectoryName(_made)!;
        Directory.CreateDirectory(Path.GetDirectoryName(File)!, (UnixFileMode)0b111_101_101);
        ServiceUser.Write(File, "token-of-the-spec");
    }

    public void Dispose()
    {
        if (_made is null)
            return;
        if (_made == File)
            System.IO.File.Delete(File);
        else
            DirectoryRemoval.Remove(_made);
    }
}
