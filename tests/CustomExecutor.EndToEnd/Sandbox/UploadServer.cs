using System.Net;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>Takes one upload, as GitLab takes a job's artifacts.</summary>
internal sealed class UploadServer : IDisposable
{
    private readonly HttpListener _listener = new();

    public UploadServer()
    {
        Address = $"http://127.0.0.1:{FreePort.On(IPAddress.Loopback)}/";
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
