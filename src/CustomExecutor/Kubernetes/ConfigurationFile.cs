using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Kubernetes;

/// <summary>Reads a file of the cluster's configuration.</summary>
internal static class ConfigurationFile
{
    /// <summary>The file, or why it can't be read.</summary>
    public static FileContent Read(string path)
    {
        try
        {
            return new FileContent(File.ReadAllBytes(path), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FileContent(null, "it does not exist");
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new FileContent(null, Directory.Exists(path) ? "it is a directory" : e.Message);
        }
    }
}
