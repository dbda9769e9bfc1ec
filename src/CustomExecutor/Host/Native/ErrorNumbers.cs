namespace CustomExecutor.Host.Native;

/// <summary>Error numbers of the kernel that are the same on every architecture that .NET supports.</summary>
internal static class ErrorNumbers
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoDevice = 6;
    public const int NoAccess = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int NotEmpty = 39;
    public const int LinkLoop = 40;
}
