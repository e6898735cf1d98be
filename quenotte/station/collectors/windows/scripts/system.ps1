$os = Get-CimInstance Win32_OperatingSystem
$ubr = (Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion').UBR
[pscustomobject]@{ caption = $os.Caption; version = $os.Version; build = $os.BuildNumber;
    ubr = $ubr; product = $os.ProductType } | ConvertTo-Json -Compress
