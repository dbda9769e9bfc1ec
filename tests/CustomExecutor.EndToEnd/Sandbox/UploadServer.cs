using System.Net;
using System.Net.Sockets;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>Takes one upload, as GitLab takes a job's artifacts.</summary>
internal sealed class UploadServer : IDisposable
{
    private readonly HttpListener _listener = new();

    public UploadServer()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Address);
        _listener.Start();
        Uploaded = Take();
    }

    public string Address { get; }

    /// <summary>What was uploaded.</summary>
    public Task<byte[]> Uploaded { get; }

    public void Dispose() => _listener.Close();

    private async Task<byte[]> Take()
    {
        var context = await _listener.GetContextAsync();
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        context.Response.StatusCode = (int)HttpStatusCode.Created;
        context.Response.Close();
        return body.ToArray();
    }
}
