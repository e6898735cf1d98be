# Type: drivers are no updates of the system. The category is that of security updates.
$searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
$found = $searcher.Search("IsInstalled=0 and IsHidden=0 and Type='Software'")
$security = 0
foreach ($update in $found.Updates) {
    $ids = @($update.Categories | ForEach-Object { $_.CategoryID })
    if ($update.MsrcSeverity -or $ids -contains '0fa1201d-4330-4fa8-8ae9-b877473b6441') { $security++ }
}
[pscustomobject]@{ result = [int]$found.ResultCode; missing = $found.Updates.Count;
    security = $security } | ConvertTo-Json -Compress
