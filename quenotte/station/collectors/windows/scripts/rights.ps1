# How many people have a desktop open, and how many of them are administrators: numbers alone.
$owners = @(Get-CimInstance Win32_Process -Filter "Name='explorer.exe'" |
    ForEach-Object { (Invoke-CimMethod -InputObject $_ -MethodName GetOwnerSid).Sid } |
    Where-Object { $_ } | Sort-Object -Unique)
$admins = $null
try { $admins = @(Get-LocalGroupMember -SID 'S-1-5-32-544' | ForEach-Object { $_.SID.Value }) } catch { }
$count = $null
if ($null -ne $admins) { $count = @($owners | Where-Object { $admins -contains $_ }).Count }
[pscustomobject]@{ sessions = $owners.Count; admins = $count } | ConvertTo-Json -Compress
